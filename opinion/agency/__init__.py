"""What the agency does with a request: from a patient's consent to an answered case, and to its erasure.

``requests`` takes and returns what a patient sent, ``consents`` says to what they agree, ``cases`` is the coordinators'
work on it with ``entries``, ``enquiries``, ``offers`` and ``files``. ``accounts`` and ``sign_ins`` say who may do what.
``audits`` is the trail, ``retention`` erases what is past its date. ``tables`` are the tables, ``migrations`` their
history, ``stores`` opens the database. Every change is one transaction, with its line in the audit trail.
"""
