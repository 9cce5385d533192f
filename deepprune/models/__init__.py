"""Networks: weights in, logits out."""
