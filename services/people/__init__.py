"""Who uses this dashboard, what each may do, and what each has done."""
