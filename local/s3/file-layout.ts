import { mkdirSync, renameSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { besideFolder, encodeSegment } from './keys';

/** A file that holds an object's bytes. */
export interface ObjectFile {
  readonly path: string;
  readonly stats: Stats;
}

/** The file of a key in a bucket of our own; undefined when there is none. @throws UnstorableKeyError */
export function findObjectFile(root: string, key: string): ObjectFile | undefined {
  const path = plainPath(root, key);
  return fileAt(path) ?? fileAt(besideFolder(path));
}

/**
 * The file of a key in a mounted folder: its names are taken as they are, so that keys with empty, `.` or `..`
 * segments name nothing and never lead outside.
 */
export function findMountedFile(root: string, key: string): ObjectFile | undefined {
  const segments = key.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\0'))) {
    return undefined;
  }
  return fileAt(join(root, ...segments));
}

/**
 * Where a key's file is to be written, its folders made. An object in the way of a folder is moved aside, as is the
 * new object when a folder has its name. @throws UnstorableKeyError
 */
export function prepareObjectFile(root: string, key: string): string {
  const path = plainPath(root, key);
  makeFolder(root, dirname(path));
  return statAt(path)?.isDirectory() ? besideFolder(path) : path;
}

/** Removes the folders that a deleted object leaves empty, up to the bucket's own. */
export function removeEmptyFolders(root: string, path: string): void {
  for (let folder = dirname(path); folder.length > root.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      // Not empty, or written to meanwhile: it stays.
      return;
    }
  }
}

function plainPath(root: string, key: string): string {
  return join(root, ...key.split('/').map((segment) => encodeSegment(segment, key)));
}

function makeFolder(root: string, folder: string): void {
  if (statAt(folder)?.isDirectory()) {
    return;
  }
  if (folder.length > root.length) {
    makeFolder(root, dirname(folder));
    if (statAt(folder)?.isFile()) {
      renameSync(folder, besideFolder(folder));
    }
  }
  mkdirSync(folder, { recursive: true });
}

function fileAt(path: string): ObjectFile | undefined {
  const stats = statAt(path);
  return stats?.isFile() ? { path, stats } : undefined;
}

function statAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR' || code === 'ENAMETOOLONG') {
      return undefined;
    }
    throw error;
  }
}
