"""What the dashboard says, in the languages that it speaks: English in the code, and a catalogue for each other."""
