"""AWS's query protocol: signatures, parameters, times, and answers in XML."""
