declare module 'virtual:headwater-theme.css';
