"""All words shown to people, English and German."""
