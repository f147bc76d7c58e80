import {removeWorker} from '@holdfast/version-scope';

removeWorker([
  {prefix: 'mailwoman-assets', pattern: /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/},
]);
