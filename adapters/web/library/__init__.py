"""Gallery and styles: one's own pictures and style cards, looked through and worked with."""
