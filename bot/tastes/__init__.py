"""Learn what people like, and choose by it what they leave open."""
