"""What the pages of every product are made of: one stylesheet in layers, parts, files, a policy.

A product brings what is its own (themes, layers, parts, where its doors are) and says so when it
puts these together.
"""
