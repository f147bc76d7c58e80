import {afterEach, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import {Channel} from './Channel.ts';
import {EVENT_CHANNEL, type WorkerEvent} from './protocol.ts';

const event: WorkerEvent = {type: 'VERSION_SWITCHED', payload: {line: 'assets', version: 'v1'}};

afterEach(() => {
  vi.restoreAllMocks();
});

it('reports to all that listen', async () => {
  const page = new BroadcastChannel(EVENT_CHANNEL);
  const heard: unknown[] = [];
  page.onmessage = ({data}) => heard.push(data);
  const channel = new WorkerState().part(Channel);
  channel.report(event);
  channel.report({type: 'CACHES_DROPPED', payload: {dropped: []}});
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard).toEqual([event, {type: 'CACHES_DROPPED', payload: {dropped: []}}]);
  page.close();
});

it('reports a key without the secret that it holds where no plugin has made it', async () => {
  const page = new BroadcastChannel(EVENT_CHANNEL);
  const heard: unknown[] = [];
  page.onmessage = ({data}) => heard.push(data.payload);
  const channel = new WorkerState().part(Channel);
  for (const key of ['https://a.test/model?token=5ec1e7', 'https://a.test/model?v=1.2']) {
    channel.report({type: 'ASSET_STORED', payload: {key, cacheName: 'models'}});
  }
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard).toEqual([
    {key: 'https://a.test/model', cacheName: 'models'},
    {key: 'https://a.test/model?v=1.2', cacheName: 'models'},
  ]);
  page.close();
});

it('listens to nothing', async () => {
  const listen = vi.spyOn(BroadcastChannel.prototype, 'addEventListener');
  const onMessage = vi.spyOn(BroadcastChannel.prototype, 'onmessage', 'set');
  new WorkerState().part(Channel).report(event);
  expect(listen).not.toHaveBeenCalled();
  expect(onMessage).not.toHaveBeenCalled();
});
