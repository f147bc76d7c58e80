import type {Host} from './answers/Answer.ts';
import {ensureContent} from './content/ensureContent.ts';
import {raceBuckets, raceFiles} from './content/race.ts';
import {createExchange} from './createExchange.ts';
import {Faults} from './Faults.ts';
import {createApp} from './hosts/app/createApp.ts';
import {createControl, isControlCall} from './hosts/app/createControl.ts';
import {createAssetsHost} from './hosts/createAssetsHost.ts';
import {createCdnjs} from './hosts/createCdnjs.ts';
import {createJsdelivr} from './hosts/createJsdelivr.ts';
import {createPypiFiles} from './hosts/createPypiFiles.ts';
import {createUnpkg} from './hosts/createUnpkg.ts';
import {createHub} from './hosts/hub/createHub.ts';
import {hubRepositories} from './hosts/hub/HubRepository.ts';
import {moveBranch} from './hosts/hub/moveBranch.ts';
import {createHubCdn} from './hosts/hubCdn/createHubCdn.ts';
import {Links} from './Links.ts';
import {openLocalhost} from './network/openLocalhost.ts';
import {openNames} from './network/openNames.ts';
import type {Origins, OriginsOptions} from './Origins.ts';
import type {PerOrigin} from './originNames.ts';
import {RequestLog} from './RequestLog.ts';
import {readQuestion} from './readQuestion.ts';
import {UrlSigner} from './UrlSigner.ts';

export type {
  Content,
  ContentCommit,
  ContentFile,
  ContentRelease,
  ContentRepository,
  ContentWheel,
  ModelExample,
} from './content/Content.ts';
export type {Fault, FaultRule, Stall, StallRule} from './Faults.ts';
export type {AppFile, AppFiles, Origins, OriginsOptions} from './Origins.ts';
export type {OriginName, PerOrigin} from './originNames.ts';
export type {LogEntry, RequestFilter, RequestLog} from './RequestLog.ts';
export type {CdnHost, Signing} from './Signing.ts';

/** Starts local origins that answer like the real hosts of heavy assets. */
export const startOrigins = async (options: OriginsOptions): Promise<Origins> => {
  const content = options.content ?? (await ensureContent());
  const network =
    options.mode === 'names'
      ? await openNames()
      : await openLocalhost(options.ports ?? {}, options.say ?? console.log);

  const log = new RequestLog();
  const faults = new Faults();
  const links = new Links();
  const signer = new UrlSigner();
  const repositories = [...hubRepositories(content), ...raceBuckets()];
  const app = createApp(options.app?.folder);
  const hosts: PerOrigin<Host> = {
    app: app.host,
    hub: createHub(repositories, {signer, origin: () => network.cdnOrigin(signer.cdnHost)}),
    hubCdn: createHubCdn(repositories, signer),
    jsdelivr: createJsdelivr(content),
    noCors: createAssetsHost({cors: false}),
    cors: createAssetsHost({cors: true}),
    unpkg: createUnpkg(),
    cdnjs: createCdnjs(),
    pypiFiles: createPypiFiles(content),
  };

  for (const [path, file] of Object.entries(options.app?.files ?? {})) {
    app.files.set(path, file);
  }
  // A classic script, so that pages and all kinds of workers can load it.
  app.files.set('/origins.js', `self.HOLDFAST_ORIGINS = ${JSON.stringify(network.origin, null, 2)};\n`);

  const {folder: _, ...offered} = content;
  app.files.set('/content.json', JSON.stringify(offered, null, 2));
  app.files.set('/race.json', () => JSON.stringify(raceFiles(), null, 2));

  const control = createControl(faults, links, log);
  const redirectedFrom = (url: URL) => signer.redirectedFrom(url);
  const exchange = createExchange({faults, links, log, redirectedFrom});
  // Control calls have no faults, and are not in the log.
  const controlExchange = createExchange({
    faults: new Faults(),
    links: new Links(),
    log: new RequestLog(),
    redirectedFrom,
  });
  network.receive((to, request, response) => {
    const question = readQuestion(request, new URL(network.origin[to]).protocol);
    const isControl = to === 'app' && isControlCall(question.url.pathname);
    void (isControl
      ? controlExchange(to, control, question, response)
      : exchange(to, hosts[to], question, response));
  });

  return {
    origin: network.origin,
    port: network.port,
    chromiumArgs: network.chromiumArgs,
    content,
    app: app.files,
    log,
    fault: faults.add.bind(faults),
    clearFaults: () => faults.clear(),
    moveBranch: (...moved) => moveBranch(repositories, ...moved),
    signing: signer,
    close: () => network.close(),
  };
};
