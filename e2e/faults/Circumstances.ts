import type {Incident} from './actions.ts';
import {ALL_FILES, digestOf, type File, filesOf, type Line, pathOf, type Version} from './content.ts';
import type {LineState} from './LineState.ts';
import type {NetworkFault, Tab} from './World.ts';

const idOf = ({line, version, name}: File): string => `${line} ${version} ${name}`;

/** What happened around the worker, and excuses it. */
export class Circumstances {
  private isOffline = false;
  private hasRoom = true;
  private published: Version = 'v1';
  /** Faults that no request has met yet. Of new ones it is unknown whether a request came before them. */
  private faults: {path: string; fault: NetworkFault; isNew: boolean}[] = [];
  /** Versions that the host has served at URLs without one. */
  private readonly everPublished = new Set<Version>(['v1']);
  /** Paths for which the host may have served wrong bytes. */
  private readonly everWrong = new Set<string>();
  /** Files that may be damaged or missing in their caches. */
  private readonly damaged = new Set<string>();

  /** Since the worker was last idle, as all below. */
  wasOffline = false;
  lackedRoom = false;
  wasKilled = false;
  readonly closed = new Set<Tab>();
  private faulty = new Set<string>();
  private publishedNow = new Set<Version>(['v1']);
  private damagedNow = new Set<string>();

  /** Everything has come to its end, and has requested these paths from the network. */
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

  note(incident: Exclude<Incident, {kind: 'open or close' | 'damage' | 'forge'}>): void {
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

  /** A file is damaged or missing in the cache of its release. */
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

  /** The worker was killed while it deleted everything. */
  noteDropped(): void {
    for (const file of ALL_FILES) {
      this.noteDamage(file);
    }
  }

  /** Whether entries of caches were damaged since the worker was last idle. */
  get isDisturbed(): boolean {
    return this.damagedNow.size > 0;
  }

  /** Returns whether network and storage had no fault that concerns the file. */
  isCalm(file: File): boolean {
    return !(this.mayFail(file) || this.wasKilled || this.lackedRoom || this.isDamaged(file));
  }

  /** Returns whether a request for the file may have been answered with something else. */
  mayFail(file: File): boolean {
    return this.wasOffline || this.faulty.has(pathOf(file));
  }

  /** Returns whether the host may have served another version of the file. */
  mayBeOutdated(file: File): boolean {
    return (
      file.line === 'files-live' &&
      [...this.publishedNow].some((version) => digestOf({...file, version}) !== digestOf(file))
    );
  }

  isDamaged(file: File): boolean {
    return this.damaged.has(idOf(file));
  }

  /** Returns whether a release certainly has the file, undamaged. */
  isCertain({complete}: LineState, file: File): boolean {
    return complete.includes(file.version) && !this.isDamaged(file);
  }

  /** Returns whether the network may have served these bytes for the file. */
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
