from reviews.models.review import Edition, EditionPdf, Review

__all__ = ["Edition", "EditionPdf", "Review"]
