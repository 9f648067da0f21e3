"""The history of the tables, told by Alembic.

The bot runs the migrations itself at every start (`storage.database.upgrade`); there is no alembic.ini.

To change a table: edit `storage/tables`, then let Alembic write the next step and read it over:

    python -m storage.migrations "add styles"

It compares the tables with a scratch database at the newest step. CHECK constraints are not compared: a new member of
an enum needs a hand-written step (`op.batch_alter_table`, drop the constraint and create it anew). A new column that
is not nullable needs values for the rows that are there (a default that the step takes away again). Steps run on
SQLite and on PostgreSQL. `tests/migration` fails until all that is so.
"""
