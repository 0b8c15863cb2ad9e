"""Pages that several features answer together: the overview, priorities, deadlines, members.

They stand here and not in the features they are named for, because each shows deliverables,
which rank higher than those.
"""
