"""The house's front: what a guest sees from the menu to the handed-over order. It is the top of
the tree; nobody imports it but the composition root.
"""
