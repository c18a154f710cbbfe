export { apiServerAddresses } from './addresses';
export * from './difference';
export * from './observed';
export * from './route';
export { routeTable, type RouteTableOptions } from './route-table';
