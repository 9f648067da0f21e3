"""The history of the tables, told by Alembic.

The bot runs the migrations itself at every start (`storage.database.upgrade`); there is no alembic.ini.

To change a table: edit `storage/tables.py`, then let Alembic write the next step and read it over:

    python -m storage.migrations "add styles"

It compares the tables with a scratch database at the newest step. CHECK constraints are not compared: a new member of
an enum needs a hand-written step (`op.batch_alter_table`, drop the constraint and create it anew);
`tests/migration` fails until it is there.
"""
