"""bytes -> Certificate"""
