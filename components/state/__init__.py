"""What a session knows: the process it runs in, who looks, what may be seen, and what each screen remembers.

It draws nothing. It imports services, and nothing else of components.
"""
