"""What is made of results for paper and screen: lists, summaries, certificates, charts."""
