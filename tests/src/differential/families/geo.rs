//! Geospatial indexes: members near a few places, so that searches find some, and at the edges of the world. Distances
//! are stored under other keys: taken for places they would be near one another, and which of members at the same place
//! comes first is left open.

use crate::differential::{Family, Rule, exact};

/// See the module.
pub(super) const FAMILY: Family = Family { name: "geo", rules: RULES };

const RULES: &[Rule] = &[
    exact(30, "GEOADD @geokey { @lon @lat @member }"),
    exact(8, "GEOADD @geokey [ NX | XX | NX XX ] [ CH ] { @lon @lat @member }"),
    exact(6, "GEODIST @geokey @member @member [ @unit ]"),
    exact(5, "GEOHASH @geokey { @member }"),
    exact(5, "GEOPOS @geokey { @member }"),
    exact(
        20,
        "GEOSEARCH @geokey ( FROMMEMBER @member | FROMLONLAT @lon @lat ) ( BYRADIUS @reach @unit | BYBOX @reach @reach @unit ) [ ASC | DESC ] [ COUNT @count [ ANY ] ] [ WITHCOORD ] [ WITHDIST ] [ WITHHASH ]",
    ),
    exact(10, "GEOSEARCH @geokey FROMLONLAT @lon @lat ( BYRADIUS @reach km | BYBOX @reach @reach km ) ASC WITHDIST"),
    exact(
        6,
        "GEOSEARCH @geokey BYPOLYGON ( 3 @cornerlon @cornerlat @cornerlon @cornerlat @cornerlon @cornerlat | 4 @cornerlon @cornerlat @cornerlon @cornerlat @cornerlon @cornerlat @cornerlon @cornerlat | 2 @cornerlon @cornerlat @cornerlon @cornerlat | abc @cornerlon @cornerlat ) [ ASC | DESC ] [ COUNT @count ] [ WITHDIST ]",
    ),
    exact(
        2,
        "GEOSEARCH @geokey ( FROMMEMBER @member FROMLONLAT @lon @lat | BYRADIUS 1 km BYBOX 1 1 km | FROMLONLAT 1 1 ANY | BYRADIUS 1 km ASC ) [ BYRADIUS 100 km ] [ ANY ]",
    ),
    exact(
        8,
        "( GEOSEARCHSTORE @geokey @geokey | GEOSEARCHSTORE @zkey @geokey STOREDIST ) ( FROMMEMBER @member | FROMLONLAT @lon @lat ) ( BYRADIUS @reach @unit | BYBOX @reach @reach @unit ) [ ASC | DESC ] [ COUNT @count [ ANY ] ] [ WITHDIST ]",
    ),
    exact(
        8,
        "( GEORADIUS | GEORADIUS_RO ) @geokey @lon @lat @reach @unit [ WITHCOORD ] [ WITHDIST ] [ WITHHASH ] [ COUNT @count [ ANY ] ] [ ASC | DESC ]",
    ),
    exact(
        8,
        "( GEORADIUSBYMEMBER | GEORADIUSBYMEMBER_RO ) @geokey @member @reach @unit [ WITHCOORD ] [ WITHDIST ] [ WITHHASH ] [ COUNT @count [ ANY ] ] [ ASC | DESC ]",
    ),
    exact(5, "GEORADIUS @geokey @lon @lat @reach @unit [ COUNT @count ] [ STORE @geokey ] [ STOREDIST @zkey ]"),
    exact(4, "GEORADIUSBYMEMBER @geokey @member @reach @unit [ STOREDIST @zkey ] [ STORE @geokey ] [ ASC ]"),
    exact(3, "ZRANGE @geokey 0 -1 WITHSCORES"),
    exact(3, "ZRANGE @zkey 0 -1 WITHSCORES"),
    exact(3, "ZREM @geokey { @member }"),
    exact(2, "OBJECT ENCODING @geokey"),
];
