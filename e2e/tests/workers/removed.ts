import {removeWorker} from '@holdfast/service-worker/releases';

removeWorker([
  {prefix: 'mailwoman-assets', pattern: /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/},
]);
