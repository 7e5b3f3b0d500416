"""Facts about AWS: serials, kinds of errors, what an answer must look like."""
