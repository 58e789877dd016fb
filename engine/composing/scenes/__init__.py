"""One module a scene: what stands where."""
