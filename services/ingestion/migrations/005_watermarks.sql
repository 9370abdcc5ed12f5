-- How far the rows of a query have been taken, as the database writes the value of its watermark column.
create table watermarks (
  pipeline text not null,
  source text not null,
  watermark text not null,
  primary key (pipeline, source)
);
