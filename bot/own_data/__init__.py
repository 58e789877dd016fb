"""What Easel keeps of a person: give it to them, and forget it."""
