"""The menus on messages (Apps): what can be done with a picture that anybody posted."""
