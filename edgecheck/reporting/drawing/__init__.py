"""Drawings of a document, as SVG: the hierarchy, and when its certificates are valid.

A layout (`hierarchy`, `timeline`) computes once what stands where; `paint` writes it. Pages have
the same drawings as files have. A drawing knows no rule: only the blocks of a document.
"""
