"""The local page: a form, the cards of what was asked, and the HTTP interface under them."""
