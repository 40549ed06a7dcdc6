"""What happens after a commit: events are delivered and jobs are done."""
