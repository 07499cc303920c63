#!/bin/sh
echo "$# $2 $WHO"
