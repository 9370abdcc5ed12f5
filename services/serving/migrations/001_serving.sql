-- Serving keeps no rows of its own: what it is to serve is read from the last traffic assignment of each
-- pipeline, so that any number of replicas start from the same truth. The runtime's tables are all there is.
select 1;
