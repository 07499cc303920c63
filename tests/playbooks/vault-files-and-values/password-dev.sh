#!/bin/sh
echo pw2
