export * from './files';
export * from './rule';
export { recorded } from './service-rules';
export { renderDashboard } from './dashboard';
export { renderScrapeConfigs, type ScrapeConfigs } from './scrape';
export { renderSwarmScrapeConfigs } from './swarm-scrape';
