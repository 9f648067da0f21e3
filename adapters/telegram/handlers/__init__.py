"""What happens when a message comes or a button is pressed; one module for each kind of update."""
