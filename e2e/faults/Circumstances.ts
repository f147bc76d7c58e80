import type {Incident} from './actions.ts';
import {ALL_FILES, digestOf, type File, filesOf, type Line, pathOf, type Version} from './content.ts';
import type {LineState} from './LineState.ts';
import type {NetworkFault, Tab} from './World.ts';

const idOf = ({line, version, name}: File): string => `${line} ${version} ${name}`;

/** What has happened around the worker: what it may be excused for. */
export class Circumstances {
  private isOffline = false;
  private hasRoom = true;
  private published: Version = 'v1';
  /** Faults that no request has met yet; of new ones it is not known whether a request came before them. */
  private faults: {path: string; fault: NetworkFault; isNew: boolean}[] = [];
  /** Versions that the host has had at URLs without one. */
  private readonly everPublished = new Set<Version>(['v1']);
  /** Paths for which wrong bytes may have been served at any time. */
  private readonly everWrong = new Set<string>();
  /** Files that may be damaged or gone in their caches. */
  private readonly damaged = new Set<string>();

  /** All that follows is since the worker was last quiet. */
  wasOffline = false;
  lackedRoom = false;
  wasKilled = false;
  readonly closed = new Set<Tab>();
  private faulty = new Set<string>();
  private publishedNow = new Set<Version>(['v1']);
  private damagedNow = new Set<string>();

  /** All that was under way has come to its end, and has asked the network for these paths. */
  begin(requests: readonly string[]): void {
    for (const path of requests) {
      const met = this.faults.find((one) => one.path === path && !one.isNew);
      this.faults = this.faults.filter((one) => one !== met);
    }
    this.faults = this.faults.map((one) => ({...one, isNew: false}));
    this.wasOffline = this.isOffline;
    this.lackedRoom = !this.hasRoom;
    this.wasKilled = false;
    this.closed.clear();
    this.faulty = new Set(this.faults.filter(({fault}) => fault.kind !== 'stall').map(({path}) => path));
    this.publishedNow = new Set([this.published]);
    this.damagedNow = new Set();
  }

  note(incident: Exclude<Incident, {kind: 'open or close' | 'damage'}>): void {
    switch (incident.kind) {
      case 'publish':
        this.published = incident.version;
        this.publishedNow.add(incident.version);
        this.everPublished.add(incident.version);
        return;
      case 'network fault':
        this.noteFault(pathOf(incident.file), incident.fault);
        return;
      case 'offline':
        this.isOffline = incident.isOffline;
        this.wasOffline ||= incident.isOffline;
        return;
      case 'room':
        this.hasRoom = incident.bytes === undefined;
        this.lackedRoom ||= !this.hasRoom;
    }
  }

  /** A file is damaged or gone in the cache of its release. */
  noteDamage(file: File): void {
    this.damaged.add(idOf(file));
    this.damagedNow.add(idOf(file));
  }

  /** The worker has verified all files of a release. */
  noteVerified(line: Line, version: Version): void {
    for (const file of filesOf(line, version)) {
      if (!this.damagedNow.has(idOf(file))) {
        this.damaged.delete(idOf(file));
      }
    }
  }

  /** The worker died while it was deleting everything. */
  noteDropped(): void {
    for (const file of ALL_FILES) {
      this.noteDamage(file);
    }
  }

  /** Whether entries of caches were damaged since the worker was last quiet. */
  get isDisturbed(): boolean {
    return this.damagedNow.size > 0;
  }

  /** Whether nothing at all went wrong with the network and the storage, as far as the file is concerned. */
  isCalm(file: File): boolean {
    return !(this.mayFail(file) || this.wasKilled || this.lackedRoom || this.isDamaged(file));
  }

  /** Whether a request for the file may have got something else than the file. */
  mayFail(file: File): boolean {
    return this.wasOffline || this.faulty.has(pathOf(file));
  }

  /** Whether the host may have had other bytes in the file's place. */
  mayBeOutdated(file: File): boolean {
    return (
      file.line === 'files-live' &&
      [...this.publishedNow].some((version) => digestOf({...file, version}) !== digestOf(file))
    );
  }

  isDamaged(file: File): boolean {
    return this.damaged.has(idOf(file));
  }

  /** Whether a release is certain to have the file, and the right one. */
  isCertain({whole}: LineState, file: File): boolean {
    return whole.includes(file.version) && !this.isDamaged(file);
  }

  /** Whether the network may have served these bytes for the file, at any time. */
  mayBeFromNetwork(file: File, sha256: string): boolean {
    const versions = file.line === 'files-live' ? [...this.everPublished] : [file.version];
    return (
      this.everWrong.has(pathOf(file)) || versions.some((version) => digestOf({...file, version}) === sha256)
    );
  }

  private noteFault(path: string, fault: NetworkFault): void {
    this.faults.unshift({path, fault, isNew: true});
    if (fault.kind !== 'stall') {
      this.faulty.add(path);
    }
    if (fault.kind === 'wrong-bytes' || fault.kind === 'truncate') {
      this.everWrong.add(path);
    }
  }
}
