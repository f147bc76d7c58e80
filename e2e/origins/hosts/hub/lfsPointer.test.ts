import {expect, it} from 'vitest';
import {gitObjectId} from '../../gitObjectId.ts';
import {lfsPointer} from './lfsPointer.ts';

// From the real Hub: `64-8bits.tflite` and `64.tflite` of `openai-community/gpt2`, and `face_yolov8n.pt` of
// `Bingsu/adetailer`.
it.each([
  {
    sha256: 'c966da3b74697803352ca7c6f2f220e7090a557b619de9da0c6b34d89f7825c1',
    size: 125_162_496,
    pointerSize: 134,
    oid: '90e59f00f62c654b1a88a5f127dff14df4611cdc',
  },
  {
    sha256: 'cfcd510b239d90b71ee87d4e57a5a8c2d55b2a941e5d9fe5852298268ddbe61b',
    size: 495_791_932,
    pointerSize: 134,
    oid: 'ea581de86d796a5029e515ea575b9665782cc9d3',
  },
  {
    sha256: '70b640f8f60b1cf0dcc72f30caf3da9495eb2fb6509da48c53374ad6806e6a9c',
    size: 6_230_011,
    pointerSize: 132,
    oid: 'e7223117b4a22a9806853068e5bdbb24c4b4d7aa',
  },
])('the pointer to $sha256 is the one that the Hub has', ({oid, pointerSize, ...file}) => {
  const pointer = lfsPointer(file);
  expect(pointer).toHaveLength(pointerSize);
  expect(gitObjectId('blob', pointer)).toBe(oid);
});
