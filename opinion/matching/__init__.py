"""Turns a case (answers and wishes) and the catalogue into centres in order, with the reason for each place.

``cases`` reads a case. ``weights`` loads ``data/matching``. ``places`` says where the doctor is and how far a centre
is. ``tiers`` puts who specialises before who offers. ``musts`` says which wishes a centre meets, fails, or leaves
unknown. ``scores`` gives the points, ``explanations`` the reasons, ``rankings`` the order. Ids, numbers and codes; no
sentence.
"""
