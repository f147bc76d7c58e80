import {OWN_SELF} from './defineSelf.ts';

// Other packages tell a browser by it. Modules are evaluated in one go, in the order of their imports.
if ((globalThis as {self?: unknown}).self === OWN_SELF) {
  Reflect.deleteProperty(globalThis, 'self');
}
