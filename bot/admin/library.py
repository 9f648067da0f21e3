"""What people made: their history, favourites and style cards."""

from __future__ import annotations

from pathlib import Path

import click

from bot.admin.arguments import Person
from bot.admin.session import Tools, run
from bot.domain.actors import Actor


@click.command()
@click.argument("person", type=Person())
@click.option("--words", default="", help="All of them in the prompt.")
@click.option("--favourites", is_flag=True, help="Only requests with a favourite picture.")
@click.option("--before", type=int, metavar="NUMBER", help="Go on from the number that the page before ended with.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Requests shown at most.")
@click.pass_obj
def history(config_path: Path, person: Actor, words: str, before: int | None, limit: int, *, favourites: bool) -> None:
    """List a person's requests, newest first; favourite pictures have a star."""

    async def work(tools: Tools) -> None:
        page = await tools.application.history.page(
            person, words=words, only_favourites=favourites, before=before, limit=limit
        )
        for job in page.jobs:
            stars = [str(picture.index + 1) for picture in job.pictures if (job.id, picture.index) in page.favourites]
            marked = f" *{','.join(stars)}" if stars else ""
            prompt = " ".join(job.request.prompt.split()) or "(no words)"
            click.echo(f"{job.id:<14}{job.created_at:%Y-%m-%d %H:%M}  {job.state.value}{marked}: {prompt}")
        if not page.jobs:
            click.echo("Nothing is found.")
        elif page.older is not None:
            click.echo(f"Older ones: --before {page.older}")

    run(config_path, work)


@click.command()
@click.argument("person", type=Person())
@click.argument("job_id", metavar="JOB")
@click.option(
    "--picture", type=click.IntRange(1, 10), default=1, show_default=True, help="Which picture of the request."
)
@click.option("--off", "is_off", is_flag=True, help="Take the mark away.")
@click.pass_obj
def favourite(config_path: Path, person: Actor, job_id: str, picture: int, *, is_off: bool) -> None:
    """Mark a picture as a person's favourite, which keeps it from being removed by age."""

    async def work(tools: Tools) -> None:
        await tools.application.history.favourite(person, job_id, picture - 1, is_on=not is_off)
        click.echo(f"{job_id} picture {picture} is {'no ' if is_off else 'a '}favourite of {person.key}.")

    run(config_path, work)


@click.command()
@click.argument("person", type=Person())
@click.option("--words", default="", help="Part of the name.")
@click.pass_obj
def styles(config_path: Path, person: Actor, words: str) -> None:
    """List the style cards that a person made, wherever they are shared."""

    async def work(tools: Tools) -> None:
        found = await tools.application.own_styles.listed(person, words)
        for one in found:
            uses = "once" if one.uses == 1 else f"{one.uses} times"
            click.echo(f"{one.card.id:<14}{one.card.name}  ({len(one.card.pictures)} pictures, used {uses})")
        if not found:
            click.echo("There are no style cards.")

    run(config_path, work)


@click.command("rename-style")
@click.argument("person", type=Person())
@click.argument("style_id", metavar="STYLE")
@click.argument("name")
@click.pass_obj
def rename_style(config_path: Path, person: Actor, style_id: str, name: str) -> None:
    """Give a person's style card another name; STYLE is its id."""

    async def work(tools: Tools) -> None:
        card = await tools.application.own_styles.rename(person, style_id, name)
        click.echo(f"{card.id} is called {card.name} now.")

    run(config_path, work)


@click.command("delete-style")
@click.argument("person", type=Person())
@click.argument("style_id", metavar="STYLE")
@click.pass_obj
def delete_style(config_path: Path, person: Actor, style_id: str) -> None:
    """Delete a person's style card; STYLE is its id."""

    async def work(tools: Tools) -> None:
        card = await tools.application.own_styles.delete(person, style_id)
        click.echo(f"{card.name} is deleted.")

    run(config_path, work)
