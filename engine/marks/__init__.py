"""What a picture carries of its origin: metadata, a signature, an invisible mark, a fingerprint."""
