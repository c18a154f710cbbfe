import { createContext, useContext } from 'react';
import type { SourceEntry } from '../entries';

/** What is called otherwise on one orchestrator than on another, or is not to be had there. */
export interface Words {
  /** Whom the page's server asks. */
  source: string;
  /** What runs a service, as a heading and within a sentence. */
  Pods: string;
  pods: string;
  events: string;
  noEvents: string;
  noProbes: string;
  /** Why no lines are shown; absent where they are. */
  noLines?: string;
}

const kubernetes: Words = {
  source: 'The API server',
  Pods: 'Pods',
  pods: 'pods',
  events: 'Events',
  noEvents: 'None within the time that the cluster keeps them.',
  noProbes: 'None: no readiness probe over HTTP that its Service leads to, and no public address.',
};

const swarm: Words = {
  source: 'The Swarm',
  Pods: 'Tasks',
  pods: 'tasks',
  events: 'Failures and the last update',
  noEvents: 'None that the Swarm remembers.',
  noProbes: 'None: nobody but its own environment reaches it, or it does not say over HTTP that it is ready.',
  noLines:
    'Not shown on a Swarm: nobody can read its secrets, and so nobody mask them in lines. The command below shows the lines.',
};

export function wordsFor({ orchestrator }: Pick<SourceEntry, 'orchestrator'>): Words {
  return orchestrator === 'swarm' ? swarm : kubernetes;
}

export const WordsContext = createContext(kubernetes);

export function useWords(): Words {
  return useContext(WordsContext);
}
