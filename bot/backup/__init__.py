"""`uso-bot backup` and `uso-bot restore`: everything that can not be made again, in one file."""
