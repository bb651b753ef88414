"""Pure rules of entering: time, merging of answers, what a version holds, what a blind copy leaves out."""
