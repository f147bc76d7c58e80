#!/usr/bin/env node
import {holdfast} from './command/holdfast.ts';

process.exitCode = await holdfast(process.argv.slice(2), process);
