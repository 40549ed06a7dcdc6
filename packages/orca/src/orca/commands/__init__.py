"""What people type. Each module is loaded when one of its commands is called: those that only ask
the control plane need neither its server nor its engines.
"""
