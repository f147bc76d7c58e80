// The package in Node. There, Workbox's development build fails as it is imported, because there is no `self`.
import './defineSelf.ts';

export * from '../index.ts';

import './removeSelf.ts';
