"""Chinese government text → sections, figures and commitments. Pure Python, no model, no network.

>>> from jiezhen.reading import read
>>> [figure.span for figure in read("全年新增就业岗位2100个，同比增长5%。").claims]
['2100个', '5%']
"""

from jiezhen.reading.model import Commitment, Document, Figure, Paragraph, Section
from jiezhen.reading.reader import read

__all__ = ["Commitment", "Document", "Figure", "Paragraph", "Section", "read"]
