"""Who somebody is, what they set, and who changed what for others."""
