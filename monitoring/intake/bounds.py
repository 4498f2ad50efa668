"""How much of a file is read: past any of these it is refused, so that no file takes the memory or the day."""

MOST_BYTES = 32 * 1024 * 1024
MOST_STRUCTURED_BYTES = 8 * 1024 * 1024
"""Of HL7 and FHIR, which are read whole."""

MOST_ROWS = 250_000
MOST_COLUMNS = 200
LONGEST_LINE = 65_536
LONGEST_CELL = 500
DEEPEST = 40
MOST_MESSAGES = 5_000
MOST_SEGMENTS = 100_000
MOST_FIELDS = 400
MOST_PARTS = 100_000
"""Fields, components and repetitions of one HL7 message: each takes half a kilobyte of memory once it is parsed."""
LINES_OF_ONE_ROW = 10
